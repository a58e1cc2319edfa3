/** Starts the NestJS application on Fastify. */
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule } from './nest-application.ts';

const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false });
app.enableShutdownHooks();
await app.listen(Number(process.env['PORT'] ?? 3000));
