/** A NestJS application that serves its metrics and measures its requests, on Express and on Fastify. */
import 'reflect-metadata';
import { Controller, Get, Inject, Module, Param } from '@nestjs/common';
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

  @Get('hello/:name')
  hello(@Param('name') name: string): string {
    this.#requests.inc();
    return `hello ${name}`;
  }
}

@Module({ imports: [ZeropromModule.forRoot()], controllers: [HelloController], providers: [requests] })
export class AppModule {}
