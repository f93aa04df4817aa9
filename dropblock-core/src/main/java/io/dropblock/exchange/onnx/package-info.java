/**
 * Networks as <a href="https://onnx.ai">ONNX</a> models: IR 8, opset 17, in the protobuf classes
 * that ND4J brings. Maps have their channels first there.
 */
package io.dropblock.exchange.onnx;
