# docker build -t scaiwave-admin .        needs nothing but a clone and the way to Maven Central
FROM maven:3.9.11-eclipse-temurin-17 AS build
WORKDIR /build
COPY .mvn .mvn
COPY pom.xml openapi.yaml asyncapi.yaml ./
COPY conf conf
COPY src src
RUN --mount=type=cache,target=/root/.m2 mvn --batch-mode --quiet -Dmaven.test.skip=true package

FROM eclipse-temurin:25.0.1_8-jre-noble
LABEL org.opencontainers.image.title="ScaiWave Admin API" \
      org.opencontainers.image.description="The control plane of ScaiWave" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --system --uid 10001 --no-create-home scaiwave
WORKDIR /app
COPY --from=build /build/target/scaiwave-admin.jar scaiwave-admin.jar
COPY LICENSE LICENSE
COPY conf/jvm.options jvm.options
# What a rehearsed start has loaded, linked and seen to be hot: a start maps it instead of doing it again.
RUN java @jvm.options -XX:AOTCacheOutput=/app/scaiwave-admin.aot -jar /app/scaiwave-admin.jar --warm-up
# By number, so that Kubernetes can see that it is not root. Nothing is written but /tmp, which may be a tmpfs.
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-interval=5s --start-period=30s --retries=3 \
  CMD ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx32m", "-jar", "scaiwave-admin.jar", "health"]
ENTRYPOINT ["java", "@jvm.options", "-XX:AOTCache=/app/scaiwave-admin.aot", "-jar", "/app/scaiwave-admin.jar"]
