package dev.kindstead.protocol;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.linecorp.armeria.common.AggregatedHttpRequest;

/**
 * One gRPC frame.
 *
 * @param bytesMax of the message when it comes compressed
 */
record GrpcBody(AggregatedHttpRequest request, int bytesMax) implements RequestBody {
  @Override
  public Message decode(Message prototype) throws InvalidProtocolBufferException {
    return GrpcFrames.parse(prototype, request.content().array(), request.headers(), bytesMax);
  }

  @Override
  public int length() {
    return GrpcFrames.lengthOf(request.content().array(), bytesMax);
  }

  @Override
  public byte[] bytesFrom(int offset) throws InvalidProtocolBufferException {
    return GrpcFrames.messageFrom(offset, request.content().array(), request.headers(), bytesMax);
  }
}
