namespace Moldau.Coordination.Groups.Streams;

/// <summary>What a member is told besides its tasks; the numbers are those of the heartbeat's answer.</summary>
public enum StreamsStatus : sbyte
{
    StaleTopology = 0,
    MissingSourceTopics = 1,
    IncorrectlyPartitionedTopics = 2,
    MissingInternalTopics = 3,
    ShutdownApplication = 4,
    AssignmentDelayed = 5,
}
