using Moldau.Protocol.Primitives;

namespace Moldau.Protocol.Messages;

/// <summary>Whole messages to bytes and back, for everything that is not the data path.</summary>
public static class MessageBytes
{
    public static byte[] Write(IMessage message, short version)
    {
        ArgumentNullException.ThrowIfNull(message);
        var bytes = new byte[message.Size(version)];
        var writer = new WireWriter(bytes);
        message.Write(ref writer, version);
        return writer.Position == bytes.Length
            ? bytes
            : throw new InvalidOperationException($"{message.Name} version {version} was measured at {bytes.Length} bytes and written in {writer.Position}");
    }

    /// <summary>Reads a message that must fill the bytes given.</summary>
    public static T Read<T>(ReadOnlyMemory<byte> bytes, short version) where T : IMessage, new()
    {
        var message = new T();
        ReadInto(message, bytes, version);
        return message;
    }

    public static void ReadInto(IMessage message, ReadOnlyMemory<byte> bytes, short version)
    {
        ArgumentNullException.ThrowIfNull(message);
        var reader = new WireReader(bytes);
        message.Read(ref reader, version);
        reader.ExpectEnd(message.Name);
    }
}
