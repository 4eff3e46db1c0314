# Two stages: the first compiles, the second has only what runs. The root file system may be read-only; what is kept is in /data.
FROM node:26-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:26-slim
WORKDIR /newsfold
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
COPY package.json LICENSE README.md ./
COPY bin ./bin
COPY config ./config
COPY feeds ./feeds
# Compiled modules, since nothing can be kept at run time.
RUN node bin/newsfold.js --version && mkdir /data && chown node:node /data
ENV NODE_ENV=production NEWSFOLD_HOST=0.0.0.0 NEWSFOLD_PORT=8080 NEWSFOLD_STORE=sqlite:/data/newsfold.db
USER node
VOLUME /data
EXPOSE 8080
# As the process itself, so that it has the signals: SIGTERM lets the step at hand end.
ENTRYPOINT ["node", "bin/newsfold.js"]
CMD ["serve", "--config", "config/newsfold.yaml"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.NEWSFOLD_PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
