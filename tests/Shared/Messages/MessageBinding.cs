using Moldau.Protocol.Messages;
using Moldau.ProtocolGenerator.Definitions;

namespace Moldau.Shared.Messages;

/// <summary>A message's definition and its generated class: content goes in, content comes out.</summary>
internal sealed class MessageBinding
{
    private readonly Type _type;
    private readonly StructBinding _root;

    public MessageBinding(DefinitionFile file, MessageDefinition definition)
    {
        File = file;
        Definition = definition;
        _type = Find(definition.Name);
        _root = new StructBinding(definition, definition.Root, _type, []);
    }

    public DefinitionFile File { get; }

    public MessageDefinition Definition { get; }

    public IEnumerable<short> Versions =>
        Enumerable.Range(Definition.Versions.First, Definition.Versions.Last - Definition.Versions.First + 1).Select(version => (short)version);

    public IMessage Create() => (IMessage)Activator.CreateInstance(_type)!;

    /// <summary>A new message with this content; what the content does not name keeps its default.</summary>
    public IMessage Create(Dictionary<string, object?> content)
    {
        var message = Create();
        _root.Fill(message, content);
        return message;
    }

    /// <summary>Everything a message holds of what a version has.</summary>
    public Dictionary<string, object?> ContentOf(IMessage message, short version) => _root.Read(message, version);

    private static Type Find(string name) =>
        typeof(IMessage).Assembly.GetType("Moldau.Protocol.Messages." + name) ?? throw new InvalidOperationException("no class was generated for " + name);
}
