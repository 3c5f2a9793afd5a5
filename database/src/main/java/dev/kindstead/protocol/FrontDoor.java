package dev.kindstead.protocol;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.server.GracefulShutdown;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.kindstead.administration.AdminMethod;
import dev.kindstead.administration.Administration;
import dev.kindstead.admission.Gates;
import dev.kindstead.environment.Network.Service;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The server on the public port: gRPC, HTTP with protobuf and with JSON, health, metrics, and in
 * development what Google's emulators offer. Thread-safe.
 */
public final class FrontDoor {
  /**
   * Calls that are given up on one connection within a second; more are taken for an attack, and
   * the connection closed. The default of 400 a minute is soon reached where a balancer carries the
   * calls of many, and then all of them lose their answers. What is given up keeps its place among
   * the requests in flight until it is done, so it is bounded by that.
   */
  private static final int GIVEN_UP_MAX = 10_000;

  /** A quiet moment in which a stopping server waits for requests already on their way. */
  private static final Duration DRAIN_QUIET = Duration.ofMillis(100);

  /** In which a connection told to bring no more requests still brings what is on its way. */
  private static final Duration LAST_WORD = Duration.ofMillis(250);

  /** Lets the answer to /shutdown leave before the process does. */
  private static final long SHUTDOWN_DELAY_MILLIS = 100;

  private final FrontDoorOptions options;
  private final PrometheusMeterRegistry metrics;
  private final ClusterPages cluster;
  private final HealthPages health;
  private final ForeignPages pages;
  private final EventLoops loops;
  private final Calls calls;
  private final @Nullable AdminEndpoint administration;
  private final Forwarding forwarding;
  private final ForwardedCalls forwarded;
  private final Server server;

  /** The listening ports that have taken a connection. */
  private final Set<Channel> ports = ConcurrentHashMap.newKeySet();

  private volatile boolean sendsAway;

  /**
   * @param gates who of those that this node serves goes on, and who waits
   * @param administration null serves no admin API
   * @param forwarding to the node that serves, when this one does not
   * @param readiness asked on each /readyz; must not block
   */
  public FrontDoor(
      FrontDoorOptions options,
      Operations operations,
      Gates gates,
      @Nullable Administration administration,
      Forwarding forwarding,
      Supplier<List<ReadinessCheck>> readiness,
      ClusterControl cluster,
      PrometheusMeterRegistry metrics) {
    this.options = options;
    this.cluster = new ClusterPages(cluster);
    this.metrics = metrics;
    var development = options.development();
    this.pages = new ForeignPages(development == null ? null : development.localName());
    this.health = new HealthPages(readiness);
    this.forwarding = forwarding;
    this.loops = new EventLoops(options.transport().eventLoops());
    var handlers = new Handlers(operations, options.limits());
    this.calls = new Calls(handlers, gates, loops, options.transport(), forwarding, metrics);
    this.administration =
        administration == null ? null : new AdminEndpoint(administration, forwarding);
    this.forwarded = new ForwardedCalls(calls, this.administration, loops);
    this.server = build();
  }

  /** Ends when the port accepts connections; exceptionally when an address is taken. */
  public CompletableFuture<Void> start() {
    forwarding.network().serve(Service.CALLS, forwarded);
    return server.start();
  }

  /** The port of the first address, once started. All addresses have the same. */
  public int port() {
    // Not activeLocalPort, which knows of loopback and wildcard addresses only.
    return Objects.requireNonNull(server.activePort(), "started").localAddress().getPort();
  }

  /**
   * Serves on, but is no longer ready, and tells every connection that brings a request to bring no
   * more (GOAWAY, or {@code Connection: close}): so none is in use when the door closes.
   */
  public void drain() {
    health.drain();
    sendsAway = true;
  }

  /** Whether it has been told to. */
  public boolean isDraining() {
    return health.isDraining();
  }

  /** Refuses connections; ends when the requests in flight have ended or waited enough. */
  public CompletableFuture<Void> stop() {
    health.drain();
    CompletableFuture<Void> drained = forwarded.drain(options.transport().drainTimeMax());
    // The server would go on taking connections until it has a quiet moment, which may be never.
    ports.forEach(Channel::close);
    CompletableFuture<Void> stopped =
        sendsAway
            ? after(LAST_WORD)
                .thenRun(() -> sendsAway = false)
                // A connection that the stopping server finds between two GOAWAYs it cuts.
                .thenCompose(_ -> after(LAST_WORD.multipliedBy(2)))
                .thenCompose(_ -> server.stop())
            : server.stop();
    return CompletableFuture.allOf(stopped, drained);
  }

  private static CompletableFuture<Void> after(Duration time) {
    return new CompletableFuture<Void>()
        .completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Server build() {
    ServerBuilder builder = Server.builder();
    listen(builder);
    limit(builder);
    for (Rpc rpc : Rpc.values()) {
      builder.service(
          "exact:/" + Rpc.SERVICE + "/" + rpc.method(),
          new GrpcEndpoint(rpc, calls, options.transport()));
    }
    if (administration != null) {
      for (AdminMethod method : AdminMethod.values()) {
        builder.service("exact:/" + method.path(), administration.grpc(method));
      }
    }
    builder.serviceUnder(
        HttpEndpoint.PREFIX, new HttpEndpoint(calls, administration, options.transport()));
    builder.service("exact:/grpc.health.v1.Health/Check", health::check);
    builder.service("exact:/", get((context, request) -> text("Ok\n")));
    builder.service("exact:/livez", get(health::live));
    builder.service("exact:/healthz", get(health::live));
    builder.service("exact:/readyz", get(health::ready));
    builder.service("exact:/metrics", get(this::scrape));
    builder.service("exact:/cluster", get(cluster::describe));
    builder.service("/cluster/{" + ClusterPages.ACTION + "}", post(cluster::act));
    if (options.development() != null) {
      serveDevelopment(builder, options.development());
    }
    builder.serviceUnder("/", ErrorPages.NO_SUCH_PLACE);
    builder.decorator(this::letIn);
    builder.errorHandler(new ErrorPages());
    return builder.build();
  }

  /** Before everything else, whatever is asked. */
  private HttpResponse letIn(
      HttpService service, ServiceRequestContext context, HttpRequest request) throws Exception {
    if (sendsAway) {
      context.initiateConnectionShutdown();
    }
    Failure refusal = pages.refusal(request.headers());
    if (refusal != null) {
      request.abort();
      return ErrorPages.response(context, request.headers(), refusal);
    }
    return service.serve(context, request);
  }

  private void listen(ServerBuilder builder) {
    SessionProtocol protocol = options.tls() == null ? SessionProtocol.HTTP : SessionProtocol.HTTPS;
    for (InetSocketAddress address : options.addresses()) {
      builder.port(address, protocol);
    }
    if (options.tls() != null) {
      builder.tls(options.tls().certificate(), options.tls().key());
    }
  }

  private void limit(ServerBuilder builder) {
    TransportLimits limits = options.transport();
    builder
        .bossGroupFactory(name -> loops)
        .workerGroup(loops, true)
        .childChannelPipelineCustomizer(pipeline -> ports.add(pipeline.channel().parent()))
        .maxRequestLength(limits.requestBytesMax())
        .maxNumConnections(limits.connectionsMax())
        .http2MaxStreamsPerConnection(limits.streamsPerConnectionMax())
        .http2MaxResetFramesPerWindow(GIVEN_UP_MAX, 1)
        .http2MaxHeaderListSize(limits.headerBytesMax())
        .http1MaxHeaderSize(limits.headerBytesMax())
        .idleTimeout(limits.idleConnectionMax())
        // Calls keeps the time: most end before a timer would be worth its price.
        .requestTimeoutMillis(0)
        .connectionDrainDuration(LAST_WORD)
        .gracefulShutdown(
            GracefulShutdown.builder()
                .quietPeriod(DRAIN_QUIET)
                .timeout(limits.drainTimeMax())
                .toExceptionFunction(
                    (context, request) -> CutOff.exception(request.method(), context.path()))
                .build())
        // Failure.of logs what deserves it.
        .unloggedExceptionsReportIntervalMillis(0)
        .disableServerHeader()
        .disableDateHeader();
  }

  private void serveDevelopment(ServerBuilder builder, FrontDoorOptions.Development development) {
    // What a request without a Host is taken for; the machine's own may be a public name.
    builder.defaultHostname("localhost");
    builder.service(
        "exact:/reset",
        post((context, request) ->
            HttpResponse.of(
                development.reset().get().thenApply(nothing -> text("Resetting...\n")))));
    builder.service(
        "exact:/shutdown",
        post((context, request) -> {
          context
              .eventLoop()
              .withoutContext()
              .schedule(
                  () -> Thread.ofPlatform().name("shutdown").start(development.shutdown()),
                  SHUTDOWN_DELAY_MILLIS,
                  TimeUnit.MILLISECONDS);
          return text("Shutting down...\n");
        }));
  }

  private HttpResponse scrape(ServiceRequestContext context, HttpRequest request) {
    return HttpResponse.of(
        CompletableFuture.supplyAsync(
            () ->
                HttpResponse.of(
                    HttpStatus.OK,
                    MediaType.parse("text/plain; version=0.0.4; charset=utf-8"),
                    metrics.scrape()),
            context.blockingTaskExecutor()));
  }

  private static HttpResponse text(String text) {
    return HttpResponse.of(HttpStatus.OK, MediaType.PLAIN_TEXT_UTF_8, text);
  }

  private static HttpService get(HttpService page) {
    return only(List.of(HttpMethod.GET, HttpMethod.HEAD), page);
  }

  private static HttpService post(HttpService page) {
    return only(List.of(HttpMethod.POST), page);
  }

  private static HttpService only(List<HttpMethod> methods, HttpService page) {
    return (context, request) -> {
      if (methods.contains(request.method())) {
        return page.serve(context, request);
      }
      request.abort();
      return HttpResponse.of(
          HttpStatus.METHOD_NOT_ALLOWED,
          MediaType.PLAIN_TEXT_UTF_8,
          "This page takes " + methods.getFirst() + ".\n");
    };
  }
}
