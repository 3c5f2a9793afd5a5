package dev.kindstead.server;

import dev.kindstead.protocol.ServingNode;
import dev.kindstead.transaction.Transactions;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Which node of the cluster serves, by the word of this node's replica of the system group; where
 * that knows of none, by what others have told.
 *
 * @param told asked for what others have told
 */
record WhoServes(Transactions transactions, String nodeId, Supplier<Optional<String>> told)
    implements ServingNode {
  @Override
  public boolean isHere() {
    return transactions.isServing();
  }

  @Override
  public boolean hasReplicas() {
    return transactions.servedBy().isPresent();
  }

  @Override
  public Optional<String> elsewhere() {
    return transactions.servedBy().or(told).filter(id -> !id.equals(nodeId));
  }
}
