/** The part of NestJS that is used. It is an optional peer, which the checkout does not install. */
declare module '@nestjs/core' {
  /** The token under which Nest provides its HTTP adapter. */
  export class HttpAdapterHost {
    readonly httpAdapter: object | undefined;
  }
}
