using Moldau.Fuzz.Engine;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Fuzz.Targets;

/// <summary>
/// One message in one version. Beyond not breaking: what was read can be written, reading that again gives the same, and
/// a message that has been read into before gives the same as a new one.
/// </summary>
/// <param name="create">Makes an empty one.</param>
/// <param name="version">Which version's form.</param>
/// <param name="filled">Makes one with content, by a number for the content and another for the sample of it.</param>
internal sealed class MessageTarget(Func<IMessage> create, short version, Func<int, int, IMessage> filled) : FuzzTarget
{
    // Small elements become objects with lists: 40 times their bytes at worst, as AmplificationTests finds. The constant covers the exception with its texts and stack.
    private const long AllocationConstant = 64 * 1024;
    private const long AllocationPerByte = 64;

    // One with every field, one with as few as can be, and some of what lies between.
    private const int Samples = 8;

    private readonly StringCache _strings = new();
    private readonly IMessage _used = create();
    private IMessage _fresh = create();

    public override string Name { get; } = $"{create().Name}-v{version}";

    public override IEnumerable<byte[]> Seeds(int seed)
    {
        yield return MessageBytes.Write(create(), version);
        for (var sample = 0; sample < Samples; sample++) yield return MessageBytes.Write(filled(seed, sample), version);
    }

    public override void Read(byte[] input)
    {
        _fresh = create();
        MessageBytes.ReadInto(_fresh, input, version);
    }

    public override bool IsDocumented(Exception exception) => exception is MalformedMessageException;

    public override long AllowedAllocation(int inputLength) => AllocationConstant + (AllocationPerByte * inputLength);

    public override string Reached(Exception? refusal) => refusal is MalformedMessageException malformed
        ? malformed.Field + malformed.Problem
        : "read " + new string('x', _fresh.Size(version) / 8);

    public override string? Contradiction(byte[] input, Exception? refusal)
    {
        var again = ReadIntoUsed(input);
        if (refusal is not null) return again?.Message == refusal.Message ? null : $"a used message takes what a new one refuses with: {refusal.Message}";
        if (again is not null) return $"a used message refuses what a new one takes: {again.Message}";

        var written = MessageBytes.Write(_fresh, version);
        if (!written.AsSpan().SequenceEqual(MessageBytes.Write(_used, version))) return "a used message holds something else than a new one after the same bytes";
        var back = create();
        MessageBytes.ReadInto(back, written, version);
        return written.AsSpan().SequenceEqual(MessageBytes.Write(back, version)) ? null : "reading what was written gives something else";
    }

    private MalformedMessageException? ReadIntoUsed(byte[] input)
    {
        try
        {
            var reader = new WireReader(input, _strings);
            _used.Read(ref reader, version);
            reader.ExpectEnd(_used.Name);
            return null;
        }
        catch (MalformedMessageException malformed)
        {
            return malformed;
        }
    }
}
