/**
 * Switches off the telemetry of ONNX Runtime. Its native part reads this variable while it loads, so this module is
 * imported before "onnxruntime-node" wherever that is imported.
 */
Deno.env.set("ORT_DISABLE_TELEMETRY", "1");
