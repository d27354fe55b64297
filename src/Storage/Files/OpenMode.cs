namespace Moldau.Storage.Files;

public enum OpenMode
{
    /// <summary>The file must be there.</summary>
    Existing,

    /// <summary>The file must not be there.</summary>
    New,

    /// <summary>Made where it is not there.</summary>
    ExistingOrNew,
}
