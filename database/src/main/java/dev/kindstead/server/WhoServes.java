package dev.kindstead.server;

import dev.kindstead.protocol.ServingNode;
import dev.kindstead.transaction.Transactions;
import java.util.Optional;

/** Which node of the cluster serves, by the word of this node's replica of the system group. */
record WhoServes(Transactions transactions, String nodeId) implements ServingNode {
  @Override
  public boolean isHere() {
    return transactions.isServing();
  }

  @Override
  public Optional<String> elsewhere() {
    return transactions.servedBy().filter(id -> !id.equals(nodeId));
  }
}
