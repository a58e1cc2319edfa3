/** Starts the NestJS application on Fastify. */
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule } from './nest-application.ts';

const adapter = new FastifyAdapter({ return503OnClosing: false }); // Requests in flight are answered on shutdown.
const app = await NestFactory.create(AppModule, adapter, { logger: false });
app.enableShutdownHooks();
await app.listen(Number(process.env['PORT'] ?? 3000));
