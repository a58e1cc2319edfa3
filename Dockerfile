FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY src src
RUN npm run build

# Distroless contains only Node.js and its libraries: no shell, no npm, and no other software to patch.
FROM gcr.io/distroless/nodejs24-debian13:nonroot
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="zeroprom example exporter" \
      org.opencontainers.image.description="An example Prometheus exporter in Node.js, made with zeroprom" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
WORKDIR /app
COPY package.json ./
COPY --from=build /build/dist dist
# The nonroot user of the image by its number: runAsNonRoot of Kubernetes cannot verify a name.
USER 65532:65532
EXPOSE 2112
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["/nodejs/bin/node", "dist/server.js", "healthcheck"]
ENTRYPOINT ["/nodejs/bin/node", "dist/server.js"]
