namespace Moldau.Compatibility.Definitions;

/// <summary>One version of a message as Kafka has it.</summary>
internal sealed class MessageFact
{
    public required string Message { get; init; }

    /// <summary>'api', 'record' or 'message'.</summary>
    public required string File { get; init; }

    public required string Section { get; init; }

    public short Number { get; init; }

    public string? Topic { get; init; }

    public short AdvertisedFrom { get; init; }

    public short AdvertisedTo { get; init; }

    /// <summary>The first version that is served.</summary>
    public required short From { get; init; }

    /// <summary>The last stable version.</summary>
    public required short To { get; init; }

    public required short Version { get; init; }

    public required StructFact Root { get; init; }
}
