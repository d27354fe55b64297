namespace Moldau.Client.DeadLetters;

/// <summary>What a replay would send back; later letters are none of it.</summary>
/// <param name="Topic">The dead letter topic.</param>
/// <param name="Query">Which letters.</param>
/// <param name="Letters">How many of them come from each partition.</param>
public sealed record DeadLetterPlan(string Topic, DeadLetterQuery Query, IReadOnlyDictionary<TopicPartition, long> Letters)
{
    /// <summary>Where the plan ends in each partition of the dead letter topic.</summary>
    internal IReadOnlyDictionary<TopicPartition, long> Ends { get; init; } = new Dictionary<TopicPartition, long>();
}
