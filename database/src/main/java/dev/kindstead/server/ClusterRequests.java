package dev.kindstead.server;

import dev.kindstead.directory.DescriptionJson;
import dev.kindstead.directory.Survey;
import dev.kindstead.protocol.ClusterControl;
import dev.kindstead.telemetry.Json;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What clients ask about the cluster. Thread-safe.
 *
 * @param company empty for a node that stays alone
 */
record ClusterRequests(Survey survey, Optional<Company> company) implements ClusterControl {
  @Override
  public CompletableFuture<String> describe() {
    return survey.ask().thenApply(cluster -> Json.write(DescriptionJson.tree(cluster)));
  }

  @Override
  public CompletableFuture<String> act(String action, List<String> nodeIds) {
    return company
        .map(here -> here.act(action, nodeIds))
        .orElseGet(() ->
            CompletableFuture.completedFuture(
                "this node runs alone and takes no others; nodes of \"kindstead start\" do"));
  }
}
