package dev.kindstead.replication;

import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.core.NodeImpl;
import com.alipay.sofa.jraft.entity.PeerId;
import java.util.List;
import java.util.function.Supplier;

/**
 * JRaft's replica, which can be asked without waiting for its lock: it holds that while a vote is
 * on its way to the disk. Thread-safe.
 */
final class RaftNode extends NodeImpl {
  RaftNode(String group, PeerId peer) {
    super(group, peer);
  }

  /**
   * What the question answers, which may take the lock again; the other answer while it is held.
   */
  <T> T unlessLocked(Supplier<T> question, Supplier<T> otherwise) {
    if (!readLock.tryLock()) {
      return otherwise.get();
    }
    try {
      return question.get();
    } finally {
      readLock.unlock();
    }
  }

  /** Who votes by the last entry about it in this replica's log, agreed on or not. */
  List<PeerId> configured() {
    Configuration last = getCurrentConf();
    return last == null ? List.of() : last.listPeers();
  }
}
