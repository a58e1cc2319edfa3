/** Serves metrics of a NestJS application, and measures its requests. */
import 'reflect-metadata';
import { Controller, Get, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Counter } from 'zeroprom';
import { metricProvider, ZeropromModule } from 'zeroprom/nest';

const requests = metricProvider(
  'hello_requests_total',
  (registry) => new Counter({ name: 'hello_requests_total', help: 'Total number of greetings.', registry }),
);

@Controller()
class HelloController {
  readonly #requests: Counter;

  constructor(@Inject('hello_requests_total') requests: Counter) {
    this.#requests = requests;
  }

  @Get()
  hello(): string {
    this.#requests.inc();
    return 'hello';
  }
}

@Module({ imports: [ZeropromModule.forRoot()], controllers: [HelloController], providers: [requests] })
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: false });
app.enableShutdownHooks();
await app.listen(Number(process.env['PORT'] ?? 3000));
