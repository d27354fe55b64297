namespace Moldau.Client.Admin;

/// <summary>Something that has settings. A broker's name is its id; an empty one means all brokers.</summary>
public readonly record struct ConfigResource(ConfigResourceType Type, string Name)
{
    public override string ToString() => Name.Length == 0 ? $"{Type} (all)" : $"{Type} {Name}";
}
