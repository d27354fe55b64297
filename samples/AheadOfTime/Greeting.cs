using System.Text.Json.Serialization;

namespace AheadOfTime;

internal sealed record Greeting(string Text, int Number);

[JsonSerializable(typeof(Greeting))]
internal sealed partial class GreetingJson : JsonSerializerContext;
