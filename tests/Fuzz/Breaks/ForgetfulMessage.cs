using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Fuzz.Breaks;

/// <summary>A message with a number that may be absent, and that then keeps the one it had before.</summary>
internal sealed class ForgetfulMessage : IMessage
{
    private int _number;

    public string Name => "Forgetful";

    public short LowestSupportedVersion => 0;

    public short HighestSupportedVersion => 0;

    public short FirstFlexibleVersion => 1;

    public void Read(ref WireReader reader, short version)
    {
        if (reader.ReadBool("Forgetful.IsPresent")) _number = reader.ReadInt32("Forgetful.Number");
    }

    public int Size(short version) => 5;

    public void Write(ref WireWriter writer, short version)
    {
        writer.WriteBool(true);
        writer.WriteInt32(_number);
    }

    public void Reset() => _number = 0;
}
