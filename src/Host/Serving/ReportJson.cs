using System.Text.Json.Serialization;
using Moldau.Broker.Diagnostics;

namespace Moldau.Host.Serving;

/// <summary>A partition's report as JSON, for the page that serves it and the verb that reads it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PartitionReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
