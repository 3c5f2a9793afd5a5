package dev.kindstead.protocol;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;

/** Takes a request's message out of its envelope. */
interface Decoding {
  /**
   * @param prototype an empty message of the request's type
   */
  Message decode(Message prototype) throws InvalidProtocolBufferException;

  /** Bytes that it holds, when decompressed; known before that is done, and always the same. */
  int length();

  /** Where it comes from, without decoding all of it. */
  CallOrigin origin(Rpc rpc) throws InvalidProtocolBufferException;
}
