using System.Text.Json;
using System.Text.Json.Serialization;

namespace Moldau.Broker.Metadata.Records;

/// <summary>Enums as words, and as nothing else.</summary>
internal sealed class WordConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
