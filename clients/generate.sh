#!/usr/bin/env bash
# Generates clients from openapi.yaml into target/clients: Java (java.net.http), TypeScript (fetch) and Python by openapi-generator,
# and the types of openapi-typescript. Needs Maven; Node.js for the last, and Python to check its client, whole where pydantic is there.
set -euo pipefail
cd "$(dirname "$0")/.."

generate() { # generator, folder
    mvn --quiet --batch-mode org.openapitools:openapi-generator-maven-plugin:generate \
        -Dopenapi.generator.maven.plugin.inputSpec=openapi.yaml \
        -Dopenapi.generator.maven.plugin.generatorName="$1" \
        -Dopenapi.generator.maven.plugin.configurationFile="$PWD/clients/openapi-generator/$2.json" \
        -Dopenapi.generator.maven.plugin.output="$PWD/target/clients/$2" \
        -Dopenapi.generator.maven.plugin.addCompileSourceRoot=false > "target/clients/$2.log"
    echo "$1 is in target/clients/$2"
}

mkdir -p target/clients
generate java java
generate typescript-fetch typescript-fetch
generate python python
if command -v python3 > /dev/null; then
    python3 -m compileall -q target/clients/python/scaiwave_admin
    if python3 -c 'import pydantic, dateutil, urllib3' 2> /dev/null; then
        (cd target/clients/python && python3 -c 'from scaiwave_admin.models import *; from scaiwave_admin.api import *')
    fi
fi
if command -v npm > /dev/null; then
    npm ci --prefix clients/typescript --no-audit --no-fund --silent
    npm run --prefix clients/typescript --silent generate
    clients/typescript/node_modules/.bin/tsc --noEmit --strict --skipLibCheck --target es2022 --lib es2022,dom --module esnext \
        --moduleResolution bundler target/clients/typescript-fetch/index.ts
    npm run --prefix clients/typescript --silent check
    echo "openapi-typescript is in clients/typescript/api.d.ts"
fi
