# Build with:  mvn -q -DskipTests package && docker build -t scaiwave-admin .
FROM eclipse-temurin:25-jre
RUN useradd --system --uid 10001 scaiwave
WORKDIR /app
COPY target/scaiwave-admin.jar scaiwave-admin.jar
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=12 \
  CMD curl --fail --silent http://127.0.0.1:8000/health/ready || exit 1
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=75", "-jar", "scaiwave-admin.jar"]
