package dev.kindstead.server;

import dev.kindstead.protocol.FrontDoor;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a stopping node does before its door closes: it says that it is no longer ready, lets
 * another node serve, and for a while forwards what still comes, until balancers send it elsewhere.
 *
 * @param company empty for a node alone
 * @param chosen from the first to the last; empty for what the cluster needs
 */
record Departure(FrontDoor door, Optional<Company> company, Optional<Duration> chosen)
    implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Departure.class);

  /** Longer than a balancer needs that asks every second and believes the second answer. */
  private static final Duration CLUSTER_LINGER = Duration.ofSeconds(3);

  /**
   * @param isOneOfSeveral whether there are nodes that could go on, however this one was started
   */
  static Duration linger(Optional<Duration> chosen, boolean isOneOfSeveral) {
    return chosen.orElse(isOneOfSeveral ? CLUSTER_LINGER : Duration.ZERO);
  }

  @Override
  public void close() {
    Duration linger = linger(chosen, company.filter(Company::isOneOfSeveral).isPresent());
    var waited =
        new CompletableFuture<Void>()
            .completeOnTimeout(null, linger.toMillis(), TimeUnit.MILLISECONDS);
    if (linger.isPositive()) {
      LOG.info("no longer ready; serves what still comes for {} ms", linger.toMillis());
      door.drain();
    }
    company.ifPresent(Company::handOver);
    if (linger.isPositive()) {
      waited.join();
      company.ifPresent(Company::handOver); // it may have been elected again
    }
  }
}
