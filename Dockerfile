# The production image, for web, worker, beat and the migrations alike: see docs/deployment.md.
ARG NODE_IMAGE=node:22-bookworm-slim
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${NODE_IMAGE} AS front
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY local/vendor.mjs local/
RUN node local/vendor.mjs

FROM ${PYTHON_IMAGE} AS packages
WORKDIR /build
COPY requirements.txt ./
# Wheels only: no compiler, and no code of a package runs while it is installed.
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps \
        --require-hashes --only-binary=:all: -r requirements.txt \
    && /opt/venv/bin/pip uninstall --yes --quiet pip setuptools

FROM ${PYTHON_IMAGE} AS application
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        fonts-dejavu-core \
        fonts-liberation \
        libharfbuzz-subset0 \
        libpango-1.0-0 \
        libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin campaign \
    && install --directory --owner=campaign --group=campaign /srv/media
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    GRANIAN_HOST=0.0.0.0 \
    GRANIAN_PORT=8000 \
    STATIC_ROOT=/srv/static \
    MEDIA_ROOT=/srv/media
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY . .
COPY --from=front /app/var/vendor var/vendor
# The settings must load, but nothing connects anywhere and no key is kept.
RUN export SECRET_KEY=unused PRIVACY_KEY=unused SITE_URL=http://localhost \
        DATABASE_URL=postgres://nobody@127.0.0.1/nothing REDIS_URL=redis://127.0.0.1/0 \
    && pybabel --quiet compile --domain django --directory locale \
    && python -m compileall -q . \
    && python manage.py collectstatic --noinput --ignore rest_framework
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 \
    CMD ["python", "deploy/health.py", "web"]
CMD ["granian", "--interface", "wsgi", "--no-ws", "--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", "--workers-kill-timeout", "20", "tpe_campaign.wsgi:application"]
