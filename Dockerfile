# Trame in one image: a static binary on Debian slim.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /trame ./cmd/trame

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 65532 --create-home --home-dir /data trame
COPY --from=build /trame /usr/local/bin/trame
USER 65532
VOLUME /data
ENV TRAME_DATA=/data/trame TRAME_LISTEN=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["trame", "healthcheck", "--listen", "127.0.0.1:8080"]
ENTRYPOINT ["trame"]
CMD ["serve"]
