package dev.kindstead.replication;

import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.LogId;
import com.alipay.sofa.jraft.entity.PeerId;
import dev.kindstead.model.Invariant;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One log entry as bytes in a segment: a header and a payload. Format:
 * docs/formats/log-segments.md.
 *
 * @param syncedLogIndex all entries up to here were on disk when this one was written: what a crash
 *     may have torn lies above the highest of these, what lies below was acknowledged
 */
record RaftRecord(long logIndex, long term, long syncedLogIndex, byte kind, ByteBuffer payload) {
  static final int HEADER_BYTES = 36;

  /** Room for the seam's largest entry. */
  static final int PAYLOAD_BYTES_MAX = ReplicatedLog.ENTRY_BYTES_MAX + (1 << 20);

  private static final byte DATA = 1;
  private static final byte MEMBERS = 2;
  private static final byte NO_OPERATION = 3;

  static RaftRecord of(LogEntry entry, long syncedLogIndex) {
    LogId id = entry.getId();
    return switch (entry.getType()) {
      case ENTRY_TYPE_DATA ->
          new RaftRecord(
              id.getIndex(), id.getTerm(), syncedLogIndex, DATA, entry.getData().duplicate());
      case ENTRY_TYPE_CONFIGURATION ->
          new RaftRecord(
              id.getIndex(),
              id.getTerm(),
              syncedLogIndex,
              MEMBERS,
              ByteBuffer.wrap(encodeMembers(entry)));
      case ENTRY_TYPE_NO_OP -> noOperation(id.getIndex(), id.getTerm(), syncedLogIndex);
      default -> throw Invariant.broken("no entry of type " + entry.getType() + " is logged");
    };
  }

  static RaftRecord noOperation(long logIndex, long term, long syncedLogIndex) {
    return new RaftRecord(
        logIndex, term, syncedLogIndex, NO_OPERATION, ByteBuffer.wrap(new byte[0]));
  }

  int bytes() {
    return HEADER_BYTES + payload.remaining();
  }

  /** Appends the header, checksum included, to {@code out}. */
  void putHeader(ByteBuffer out) {
    int start = out.position();
    out.putInt(0).putInt(payload.remaining());
    out.putLong(logIndex).putLong(term).putLong(syncedLogIndex);
    out.put(kind).put((byte) 0).put((byte) 0).put((byte) 0);
    out.putInt(start, checksum(out.duplicate().position(start).limit(out.position()), payload));
  }

  /**
   * Reads the record at the buffer's position, and moves behind it; null, without moving, if there
   * is no whole and sound one.
   */
  static @Nullable RaftRecord read(ByteBuffer in) {
    int start = in.position();
    if (in.remaining() < HEADER_BYTES) {
      return null;
    }
    int length = in.getInt(start + 4);
    if (!fits(length, in.remaining() - HEADER_BYTES)) {
      return null;
    }
    ByteBuffer header = in.duplicate().limit(start + HEADER_BYTES);
    ByteBuffer payload = in.slice(start + HEADER_BYTES, length);
    if (in.getInt(start) != checksum(header, payload)) {
      return null;
    }
    in.position(start + HEADER_BYTES + length);
    return new RaftRecord(
        in.getLong(start + 8),
        in.getLong(start + 16),
        in.getLong(start + 24),
        in.get(start + 32),
        payload);
  }

  /** The payload's length, given a buffer at a header; negative if the header can't be right. */
  static int payloadBytes(ByteBuffer header) {
    int length = header.getInt(header.position() + 4);
    return fits(length, PAYLOAD_BYTES_MAX) ? length : -1;
  }

  /** What would be the logIndex if a record began at {@code position}; nothing is checked. */
  static long logIndex(ByteBuffer in, int position) {
    return in.getLong(position + 8);
  }

  private static boolean fits(int length, int room) {
    return length >= 0 && length <= PAYLOAD_BYTES_MAX && length <= room;
  }

  private static int checksum(ByteBuffer header, ByteBuffer payload) {
    var crc = new CRC32C();
    crc.update(header.position(header.position() + Integer.BYTES));
    crc.update(payload.duplicate());
    return (int) crc.getValue();
  }

  /** Whether {@link #toEntry} can make an entry of it: a later version may have other kinds. */
  boolean isReadable() {
    return switch (kind) {
      case DATA, NO_OPERATION -> true;
      case MEMBERS -> hasFourLists(payload.duplicate());
      default -> false;
    };
  }

  private static boolean hasFourLists(ByteBuffer in) {
    try {
      for (int list = 0; list < 4; list++) {
        readMembers(in);
      }
      return true;
    } catch (BufferUnderflowException e) {
      return false;
    }
  }

  /** As {@link #toEntry}, but null for the many records that carry data. */
  @Nullable LogEntry toEntryUnlessData() {
    return kind == DATA ? null : toEntry();
  }

  /** As JRaft's entry, with a copy of the payload. */
  LogEntry toEntry() {
    var entry =
        new LogEntry(
            switch (kind) {
              case DATA -> EntryType.ENTRY_TYPE_DATA;
              case MEMBERS -> EntryType.ENTRY_TYPE_CONFIGURATION;
              case NO_OPERATION -> EntryType.ENTRY_TYPE_NO_OP;
              default -> throw Invariant.broken("record kind " + kind + " of a later version");
            });
    entry.setId(new LogId(logIndex, term));
    if (kind == DATA) {
      byte[] bytes = new byte[payload.remaining()];
      payload.duplicate().get(bytes);
      entry.setData(ByteBuffer.wrap(bytes));
    } else if (kind == MEMBERS) {
      ByteBuffer in = payload.duplicate();
      entry.setPeers(readMembers(in));
      entry.setOldPeers(nullIfEmpty(readMembers(in)));
      entry.setLearners(nullIfEmpty(readMembers(in)));
      entry.setOldLearners(nullIfEmpty(readMembers(in)));
    }
    return entry;
  }

  private static byte[] encodeMembers(LogEntry entry) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      writeMembers(out, entry.getPeers());
      writeMembers(out, entry.getOldPeers());
      writeMembers(out, entry.getLearners());
      writeMembers(out, entry.getOldLearners());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void writeMembers(DataOutputStream out, @Nullable List<PeerId> members)
      throws IOException {
    out.writeShort(members == null ? 0 : members.size());
    for (PeerId member : members == null ? List.<PeerId>of() : members) {
      byte[] nodeId = RaftNetwork.nodeId(member).getBytes(StandardCharsets.UTF_8);
      out.writeShort(nodeId.length);
      out.write(nodeId);
    }
  }

  private static List<PeerId> readMembers(ByteBuffer in) {
    int count = Short.toUnsignedInt(in.getShort());
    var members = new ArrayList<PeerId>(count);
    for (int m = 0; m < count; m++) {
      byte[] nodeId = new byte[Short.toUnsignedInt(in.getShort())];
      in.get(nodeId);
      members.add(RaftNetwork.peer(new String(nodeId, StandardCharsets.UTF_8)));
    }
    return members;
  }

  private static @Nullable List<PeerId> nullIfEmpty(List<PeerId> members) {
    return members.isEmpty() ? null : members;
  }
}
