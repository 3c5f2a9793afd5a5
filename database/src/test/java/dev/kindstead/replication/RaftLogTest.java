package dev.kindstead.replication;

import dev.kindstead.replication.RaftLogOptions.Durability;

class RaftLogTest extends ReplicatedLogContract {
  @Override
  ReplicatedLog newLog() {
    return new RaftLog(RaftLogOptions.single("g", "n1", directory, Durability.SYNC));
  }

  @Override
  boolean keepsEntries() {
    return true;
  }
}
