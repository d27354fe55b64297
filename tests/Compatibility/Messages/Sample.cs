using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Shared.Messages;

namespace Moldau.Compatibility.Messages;

/// <summary>Random content of one version of a message, to be written in the same version or another.</summary>
internal sealed class Sample
{
    public Sample(MessageBinding binding, short contentVersion, short version, int number)
    {
        Binding = binding;
        Version = version;
        var content = RandomContent.Make(binding.Definition, contentVersion, SampleSettings.Seed, number);
        Json = new ContentJson(binding.Definition, contentVersion).Write(content);
        Message = binding.Create(content);
        Name = $"{binding.Definition.Name} v{version}, content of v{contentVersion}, sample {number} of seed {SampleSettings.Seed}";
        Question = Judge.Write(binding.Definition.Name, contentVersion, version, Json);
    }

    public MessageBinding Binding { get; }

    public short Version { get; }

    public IMessage Message { get; }

    public string Json { get; }

    /// <summary>The words that find this sample again.</summary>
    public string Name { get; }

    public string Question { get; }

    /// <summary>Our bytes as hex, or null where the version is refused.</summary>
    public string? Write()
    {
        try
        {
            return Convert.ToHexStringLower(MessageBytes.Write(Message, Version));
        }
        catch (UnsupportedFieldException)
        {
            return null;
        }
    }

    /// <summary>What a reader of ours makes of the bytes, as JSON.</summary>
    public string Read(string hex, IMessage into)
    {
        MessageBytes.ReadInto(into, Convert.FromHexString(hex), Version);
        return new ContentJson(Binding.Definition, Version).Write(Binding.ContentOf(into, Version));
    }
}
