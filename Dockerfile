# Three stages: build with everything, install what runs, and an image of that alone.
FROM node:24-alpine AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build

FROM node:24-alpine AS modules
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
# better-sqlite3 brings SQLite's sources and a binary for every platform: most of what the image would hold.
RUN cd node_modules/better-sqlite3 && rm -rf deps src binding.gyp \
  && find prebuilds -name '*.node' ! -name "linuxmusl-$(node -p process.arch).node" -exec rm {} +

FROM node:24-alpine
ENV NODE_ENV=production
WORKDIR /app
COPY --from=modules /app/node_modules ./node_modules
COPY --from=build /build/dist ./dist
COPY package.json LICENSE ./
COPY bin ./bin
COPY fixtures/shop/shop.sqlite ./fixtures/shop/shop.sqlite
# For `docker exec … sqlq user add …` beside a server.
RUN ln -s /app/bin/sqlq.js /usr/local/bin/sqlq
USER node
WORKDIR /home/node
# A volume that is mounted here belongs to whom this belongs to.
RUN mkdir -p .local/state .cache
ENTRYPOINT ["node", "/app/bin/sqlq.js"]
