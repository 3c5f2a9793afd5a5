package dev.kindstead.server;

import dev.kindstead.cli.Configuration;
import dev.kindstead.cli.ExitCode;
import dev.kindstead.cli.Kindstead;
import dev.kindstead.cli.Setting;
import dev.kindstead.environment.SystemTimers;
import dev.kindstead.telemetry.Logging;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process: commands come from {@code cli}; here a node runs until it is told to stop. */
public final class Main {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);
  private static final Duration WARNING_INTERVAL = Duration.ofMinutes(1);

  private Main() {}

  public static void main(String[] arguments) {
    boolean training = arguments.length > 0 && arguments[0].equals(Training.COMMAND);
    int code =
        training
            ? Training.run(Arrays.copyOfRange(arguments, 1, arguments.length))
            : new Kindstead(System.getenv(), Main::serve).recovering(Recovery::run).run(arguments);
    System.exit(code);
  }

  /** Ends with SIGTERM, SIGINT or, in development, POST /shutdown. */
  private static int serve(Configuration configuration) {
    Logging.setLevel(configuration.get(Setting.LOG_LEVEL));
    NodeOptions options = NodeOptions.of(configuration);
    warn(options);
    var stop = new CountDownLatch(1);
    var stopped = new CountDownLatch(1);
    try (Node node = Node.start(options, stop::countDown, Main::endRefused);
        var timers = new SystemTimers()) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stopInOrder(stop, stopped), "stop"));
      System.out.print(Greeting.of(configuration, options, node.port()));
      System.out.flush();
      try (var ignored = new Periodic(WARNING_INTERVAL, timers, () -> warn(options))) {
        await(stop);
      }
    } finally {
      stopped.countDown();
    }
    return ExitCode.OK;
  }

  /** The process's end waits for the node's; a stop in order is a success, also by a signal. */
  private static void stopInOrder(CountDownLatch stop, CountDownLatch stopped) {
    stop.countDown();
    await(stopped);
    Runtime.getRuntime().halt(ExitCode.OK);
  }

  /** At once, without handing over: what this process votes may be another one's to vote. */
  private static void endRefused(String why) {
    LOG.error("this node stops: {}", why);
    System.err.println("kindstead: " + why);
    Runtime.getRuntime().halt(ExitCode.CLUSTER_REFUSED);
  }

  private static void warn(NodeOptions options) {
    if (options.isOpenToEverybody()) {
      LOG.warn(
          "INSECURE: --insecure opens {} without TLS and without authentication. Whoever can"
              + " connect can read, change and delete everything. Use --tls-certificate and"
              + " --tls-key, or listen on localhost.",
          options.listen());
    }
  }

  private static void await(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
