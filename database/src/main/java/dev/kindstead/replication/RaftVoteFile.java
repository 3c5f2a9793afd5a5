package dev.kindstead.replication;

import com.alipay.sofa.jraft.core.NodeImpl;
import com.alipay.sofa.jraft.entity.EnumOutter.ErrorType;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.error.RaftException;
import com.alipay.sofa.jraft.option.RaftMetaStorageOptions;
import com.alipay.sofa.jraft.storage.RaftMetaStorage;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The member's term and the node it voted for in that term. Format: docs/formats/raft-meta.md.
 *
 * <p><b>Invariant.</b> What a save did not make durable is never acted on: a failed save stops the
 * replica for good, and throws, since JRaft carries on after some saves whatever they return.
 *
 * <p>Called under the node's lock.
 */
final class RaftVoteFile implements RaftMetaStorage {
  private static final long MAGIC_AND_VERSION = 0x4B53_564F_5445_0001L; // "KSVOTE", version 1

  /** Term and vote, as stored. {@code nodeId} is empty if there is no vote in this term. */
  record Vote(long term, String nodeId) {
    static final Vote NONE = new Vote(0, "");
  }

  private final Path file;
  private final RaftStateMachine machine;
  private @Nullable NodeImpl node;
  private Vote vote;
  private boolean failed;

  private RaftVoteFile(Path file, RaftStateMachine machine, Vote vote) {
    this.file = file;
    this.machine = machine;
    this.vote = vote;
  }

  static RaftVoteFile open(Path file, RaftStateMachine machine) throws IOException {
    return new RaftVoteFile(file, machine, read(file));
  }

  @Override
  public boolean init(RaftMetaStorageOptions options) {
    node = options.getNode();
    return true;
  }

  static Vote read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Vote.NONE;
    }
    byte[] bytes = Files.readAllBytes(file);
    var crc = new CRC32C();
    crc.update(bytes, 0, Math.max(0, bytes.length - Integer.BYTES));
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      if (in.getLong() != MAGIC_AND_VERSION) {
        throw new CorruptLogException(file, 0, "not a vote file of version 1");
      }
      long term = in.getLong();
      byte[] nodeId = new byte[Short.toUnsignedInt(in.getShort())];
      in.get(nodeId);
      if (in.getInt() != (int) crc.getValue() || in.hasRemaining()) {
        throw new CorruptLogException(file, "wrong checksum");
      }
      return new Vote(term, new String(nodeId, StandardCharsets.UTF_8));
    } catch (BufferUnderflowException e) {
      throw new CorruptLogException(file, bytes.length, "ends too early");
    }
  }

  static byte[] encode(Vote vote) {
    byte[] nodeId = vote.nodeId().getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(22 + nodeId.length);
    out.putLong(MAGIC_AND_VERSION).putLong(vote.term());
    out.putShort((short) nodeId.length).put(nodeId);
    var crc = new CRC32C();
    crc.update(out.array(), 0, out.position());
    return out.putInt((int) crc.getValue()).array();
  }

  private boolean save(Vote next) {
    if (failed) {
      throw new IllegalStateException("the vote could not be saved before");
    }
    try {
      RaftFiles.replace(file, encode(next));
      vote = next;
      return true;
    } catch (IOException | RuntimeException failure) {
      failed = true;
      machine.fail(failure);
      NodeImpl halted = node;
      if (halted != null) {
        halted.onError(
            new RaftException(ErrorType.ERROR_TYPE_META, RaftError.EIO, "vote not saved"));
      }
      throw new IllegalStateException("can't save the vote to " + file, failure);
    }
  }

  @Override
  public boolean setTerm(long term) {
    return save(new Vote(term, vote.nodeId()));
  }

  @Override
  public long getTerm() {
    return vote.term();
  }

  @Override
  public boolean setVotedFor(PeerId peer) {
    return save(new Vote(vote.term(), RaftNetwork.nodeId(peer)));
  }

  @Override
  public PeerId getVotedFor() {
    return vote.nodeId().isEmpty() ? PeerId.emptyPeer() : RaftNetwork.peer(vote.nodeId());
  }

  @Override
  public boolean setTermAndVotedFor(long term, PeerId peer) {
    return save(new Vote(term, RaftNetwork.nodeId(peer)));
  }

  @Override
  public void shutdown() {}
}
