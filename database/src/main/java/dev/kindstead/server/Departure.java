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
 * @param linger from the first to the last
 */
record Departure(FrontDoor door, Optional<Company> company, Duration linger)
    implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Departure.class);

  @Override
  public void close() {
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
