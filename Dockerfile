# A live router: docker build -t router . && docker run -p 8787:8787 -e ROUTER_KEY -v "$PWD/live:/live" router
# The folder live holds router.json and models.json, and gets the log. Clients bring the key that ROUTER_KEY holds.
FROM denoland/deno:debian-2.9.6
WORKDIR /router
COPY deno.json deno.lock ./
COPY lib lib
# A router that reads MiniLM's vectors needs its weights: add COPY data/raw/weights data/raw/weights
RUN deno install --entrypoint lib/cli.ts lib/commands/serve_command.ts
EXPOSE 8787
ENTRYPOINT ["deno", "run", "-q", "--no-prompt", "-P=launch", "lib/cli.ts", "serve"]
CMD ["/live/router.json", "--config", "/live/models.json", "--log", "/live/log", "--host", "0.0.0.0", "--key-env", "ROUTER_KEY"]
