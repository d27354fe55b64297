namespace Moldau.Coordination.Groups.Consumer;

/// <summary>What consumer groups ask the node they live on; asked at each event.</summary>
/// <param name="Rules">Of a group.</param>
/// <param name="Topics">As known now.</param>
public sealed record ConsumerSurroundings(Func<string, ConsumerRules> Rules, Func<ITopicDirectory> Topics)
{
    public static ConsumerSurroundings Default { get; } = new(static _ => new ConsumerRules(), static () => NoTopics.Instance);
}
