package dev.kindstead.replication;

import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.ErrorResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.GetFileRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteRequest;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;
import dev.kindstead.AnyBytes;
import dev.kindstead.Corpus;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages between replicas: any bytes are one or refused. */
final class RaftMessagesFuzzTest {
  private static final AnyBytes BYTES = AnyBytes.refusedWith(IllegalArgumentException.class);

  static Stream<byte[]> messages() {
    return Stream.of(
            ErrorResponse.newBuilder().setErrorCode(1).setErrorMsg("no").build(),
            RequestVoteRequest.newBuilder()
                .setGroupId("g")
                .setServerId("a")
                .setPeerId("b")
                .setTerm(3)
                .setLastLogTerm(2)
                .setLastLogIndex(70)
                .setPreVote(true)
                .build(),
            AppendEntriesRequest.newBuilder()
                .setGroupId("g")
                .setServerId("a")
                .setPeerId("b")
                .setTerm(3)
                .setPrevLogTerm(2)
                .setPrevLogIndex(70)
                .setCommittedIndex(69)
                .setData(ByteString.copyFromUtf8("data"))
                .build(),
            InstallSnapshotRequest.newBuilder()
                .setGroupId("g")
                .setServerId("a")
                .setPeerId("b")
                .setTerm(3)
                .setUri("remote://b/7")
                .setMeta(
                    com.alipay.sofa.jraft.entity.RaftOutter.SnapshotMeta.newBuilder()
                        .setLastIncludedIndex(5)
                        .setLastIncludedTerm(2)
                        .addPeers("a"))
                .build(),
            GetFileRequest.newBuilder()
                .setReaderId(7)
                .setFilename("state/x")
                .setOffset(0)
                .setCount(100)
                .build())
        .map(RaftMessages::encode);
  }

  @MethodSource("messages")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void message(byte[] bytes) {
    BYTES.comesBack(bytes, RaftMessages::decode, RaftMessages::encode);
  }
}
