# The service in a small image: built with the system's libpq, which encrypts connections to PostgreSQL (the bundled
# one cannot), and run by a user without rights. SQLite needs a volume at /data.

FROM rust:1.95-slim-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends build-essential libpq-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY Cargo.toml Cargo.lock ./
COPY .cargo .cargo
COPY migrations migrations
COPY src src
# Without the tests, whose entry in Cargo.toml needs the file to be there.
RUN mkdir tests && echo 'fn main() {}' > tests/main.rs \
    && cargo build --release --locked --no-default-features --bin eduaccord

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libpq5 wget \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin eduaccord \
    && install --directory --owner=10001 --group=10001 --mode=0750 /data
COPY --from=build /build/target/release/eduaccord /usr/local/bin/eduaccord
USER 10001
WORKDIR /data
VOLUME /data
# Links in answers are made from the second; who publishes the port elsewhere sets it to where clients reach it. By the
# third no token stays in the log of the container: `docker compose exec service eduaccord admin bootstrap` makes it.
ENV EDUACCORD_LISTEN=0.0.0.0:8080 EDUACCORD_PUBLIC_URL=http://127.0.0.1:8080 EDUACCORD_FIRST_TOKEN=terminal
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["wget", "--quiet", "--tries=1", "--output-document=/dev/null", "http://127.0.0.1:8080/readyz"]
ENTRYPOINT ["eduaccord"]
CMD ["serve"]
