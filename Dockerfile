# docker build -t moldau .
# docker run -p 9092:9092 -v moldau:/var/lib/moldau moldau
# Configured as the image apache/kafka is; docs/install.md.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN ./pack && mkdir /opt/moldau && tar -xzf artifacts/packages/moldau-*-linux-x64.tar.gz -C /opt/moldau --strip-components 1

# What .NET itself needs, and nothing of ours: all our code is managed.
FROM mcr.microsoft.com/dotnet/runtime-deps:10.0
COPY --from=build /opt/moldau /opt/moldau
COPY eng/Container/entry /opt/moldau/entry
RUN ln -s /opt/moldau/moldau /usr/local/bin/moldau \
 && mkdir -p /var/lib/moldau /var/lib/kafka/data /etc/kafka/secrets /mnt/shared/config \
 && chown -R $APP_UID:0 /var/lib/moldau /var/lib/kafka && chmod -R g+rwX /var/lib/moldau /var/lib/kafka
USER $APP_UID
WORKDIR /var/lib/moldau
VOLUME ["/var/lib/moldau", "/var/lib/kafka/data", "/etc/kafka/secrets", "/mnt/shared/config"]
# Kafka's protocol. Health and metrics are on 127.0.0.1:9094 within the container, unless HTTP_ADDRESS names another address.
EXPOSE 9092
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["moldau", "health"]
ENTRYPOINT ["/opt/moldau/entry"]
