using System.Text.Json;
using Moldau.Compatibility.Kafka;

namespace Moldau.Compatibility.Definitions;

/// <summary>Everything the jars say about the messages we define, asked once a run.</summary>
internal sealed class KafkaFacts
{
    private static readonly Lazy<Task<KafkaFacts>> Asked = new(AskAsync);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Dictionary<string, SortedDictionary<short, MessageFact>> _messages = [];

    private KafkaFacts(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            var fact = JsonSerializer.Deserialize<MessageFact>(line, Json)!;
            if (!_messages.TryGetValue(fact.Message, out var versions)) _messages.Add(fact.Message, versions = []);
            versions.Add(fact.Version, fact);
        }
    }

    public static Task<KafkaFacts> Get() => Asked.Value;

    public IEnumerable<string> Messages => _messages.Keys;

    /// <summary>Every version of a message, or null where Kafka has no such message.</summary>
    public SortedDictionary<short, MessageFact>? Find(string message) => _messages.GetValueOrDefault(message);

    private static async Task<KafkaFacts> AskAsync() =>
        new(await KafkaJars.RunAsync("what Kafka's jars say about messages", TimeSpan.FromSeconds(60), "Schemas"));
}
