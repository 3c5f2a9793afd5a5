package dev.kindstead.protocol;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;

/** Takes a request's message out of its envelope. */
interface Decoding {
  /**
   * @param prototype an empty message of the request's type
   */
  Message decode(Message prototype) throws InvalidProtocolBufferException;
}
