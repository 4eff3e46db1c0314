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
# Compiled modules, since nothing can be kept at run time: those of a server that has begun, and ends when it is told to.
RUN NEWSFOLD_STORE=sqlite:/tmp/warm.db timeout --preserve-status 20 node bin/newsfold.js serve --port 0 \
  && rm /tmp/warm.db* && mkdir /data && chown node:node /data
ENV NODE_ENV=production NEWSFOLD_HOST=0.0.0.0 NEWSFOLD_PORT=8080 NEWSFOLD_STORE=sqlite:/data/newsfold.db
USER node
VOLUME /data
EXPOSE 8080
# As the process itself, so that it has the signals: SIGTERM lets the step at hand end.
ENTRYPOINT ["node", "bin/newsfold.js"]
CMD ["serve", "--config", "config/newsfold.yaml"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.NEWSFOLD_PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
