package dev.kindstead.replication;

import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.ErrorResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.GetFileRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.GetFileResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.PingRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.ReadIndexRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.ReadIndexResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowResponse;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * JRaft's messages as bytes: a format version, the kind of message, the message in protobuf. Only
 * these kinds exist between nodes; what changes a group's members is never taken from the network.
 */
final class RaftMessages {
  private static final byte VERSION = 1;
  private static final int HEADER_BYTES = 2;

  /** A kind's number is its place: append only. */
  private static final List<Message> KINDS =
      List.of(
          ErrorResponse.getDefaultInstance(),
          PingRequest.getDefaultInstance(),
          RequestVoteRequest.getDefaultInstance(),
          RequestVoteResponse.getDefaultInstance(),
          AppendEntriesRequest.getDefaultInstance(),
          AppendEntriesResponse.getDefaultInstance(),
          InstallSnapshotRequest.getDefaultInstance(),
          InstallSnapshotResponse.getDefaultInstance(),
          TimeoutNowRequest.getDefaultInstance(),
          TimeoutNowResponse.getDefaultInstance(),
          ReadIndexRequest.getDefaultInstance(),
          ReadIndexResponse.getDefaultInstance(),
          GetFileRequest.getDefaultInstance(),
          GetFileResponse.getDefaultInstance());

  private RaftMessages() {}

  static byte[] encode(Object message) {
    if (!(message instanceof Message known)) {
      throw new IllegalArgumentException("no message between nodes: " + message.getClass());
    }
    byte[] bytes = new byte[HEADER_BYTES + known.getSerializedSize()];
    bytes[0] = VERSION;
    bytes[1] = (byte) kindOf(known);
    var out = CodedOutputStream.newInstance(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES);
    try {
      known.writeTo(out);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes;
  }

  private static int kindOf(Message message) {
    for (int kind = 0; kind < KINDS.size(); kind++) {
      if (KINDS.get(kind).getClass() == message.getClass()) {
        return kind;
      }
    }
    throw new IllegalArgumentException("no message between nodes: " + message.getClass());
  }

  /**
   * Reads a message; its bytes fields share {@code bytes}.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Message decode(byte[] bytes) {
    if (bytes.length < HEADER_BYTES || bytes[0] != VERSION) {
      throw new IllegalArgumentException("a replication message of an unknown version");
    }
    int kind = bytes[1];
    if (kind < 0 || kind >= KINDS.size()) {
      throw new IllegalArgumentException("a replication message of unknown kind " + kind);
    }
    var in = CodedInputStream.newInstance(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES);
    in.enableAliasing(true);
    try {
      return KINDS.get(kind).getParserForType().parseFrom(in);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("a damaged replication message", e);
    }
  }
}
