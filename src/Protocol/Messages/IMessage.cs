using Moldau.Protocol.Errors;
using Moldau.Protocol.Primitives;

namespace Moldau.Protocol.Messages;

/// <summary>
/// A request, a response, or a stored key or value. Its class is generated from its file under <c>protocol/</c>.
/// <para>Writing takes two steps: <see cref="Size"/> measures and refuses what the version cannot carry,
/// <see cref="Write"/> then fills exactly that much room. An instance can be read into again and again; it keeps its memory.</para>
/// </summary>
public interface IMessage
{
    string Name { get; }

    short LowestSupportedVersion { get; }

    short HighestSupportedVersion { get; }

    /// <summary>The first version with compact lengths and tagged fields; above the highest where there is none.</summary>
    short FirstFlexibleVersion { get; }

    /// <summary>Replaces the content by what stands in the frame. Bytes and records stay views of it.</summary>
    void Read(ref WireReader reader, short version);

    /// <summary>Bytes on the wire, spliced records included.</summary>
    int Size(short version);

    /// <summary>How many of those bytes are records that the transport sends from their source.</summary>
    int SplicedSize => 0;

    void Write(ref WireWriter writer, short version);

    /// <summary>Counts the errors it tells, each where it stands; most messages have none.</summary>
    void CountErrors(ErrorTally tally)
    {
    }

    /// <summary>Back to the defaults; the memory stays.</summary>
    void Reset();
}
