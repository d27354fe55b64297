namespace Moldau.Coordination.Groups.Streams;

/// <summary>What streams groups ask the node they live on; asked at each event.</summary>
/// <param name="Rules">Of a group.</param>
/// <param name="Topics">As known now.</param>
public sealed record StreamsSurroundings(Func<string, StreamsRules> Rules, Func<ITopicDirectory> Topics)
{
    public static StreamsSurroundings Default { get; } = new(static _ => new StreamsRules(), static () => NoTopics.Instance);
}
