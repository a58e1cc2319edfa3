/** Starts the NestJS application on Express. */
import { NestFactory } from '@nestjs/core';
import { AppModule } from './nest-application.ts';

const app = await NestFactory.create(AppModule, { logger: false });
app.enableShutdownHooks();
await app.listen(Number(process.env['PORT'] ?? 3000));
