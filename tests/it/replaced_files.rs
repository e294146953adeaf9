//! Files that are replaced at once: whole, whoever writes, with what they were.

use std::fs;

use ripple_effect::ErrorKind;

/// Many writers of one file: whoever reads it finds it whole, and nothing is left beside it.
#[test]
fn a_file_is_replaced_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("text");
    let text = |of: usize| of.to_string().repeat(200_000);
    ripple_effect::save_text(&path, &text(0)).unwrap();
    std::thread::scope(|scope| {
        for of in 0..4 {
            let (path, text) = (&path, text(of));
            scope.spawn(move || (0..10).for_each(|_| ripple_effect::save_text(path, &text).unwrap()));
        }
        for _ in 0..50 {
            let read = fs::read_to_string(&path).unwrap();
            assert!((0..4).any(|of| read == text(of)));
        }
    });
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let error = ripple_effect::save_text(folder.path().join("no/text"), "").unwrap_err();
    assert!(error.kind() == ErrorKind::Io && error.path().contains("text"), "{error}");
}

#[cfg(unix)]
#[test]
fn what_is_replaced_keeps_its_mode_and_its_links() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("private"), "").unwrap();
    fs::set_permissions(at("private"), fs::Permissions::from_mode(0o600)).unwrap();
    symlink("private", at("link")).unwrap();
    symlink("new", at("dangling")).unwrap();
    for name in ["link", "dangling"] {
        ripple_effect::save_text(at(name), name).unwrap();
        assert!(fs::symlink_metadata(at(name)).unwrap().is_symlink(), "{name}");
    }
    assert_eq!(fs::read_to_string(at("private")).unwrap(), "link");
    assert_eq!(fs::read_to_string(at("new")).unwrap(), "dangling");
    assert_eq!(fs::metadata(at("private")).unwrap().permissions().mode() & 0o777, 0o600);
    ripple_effect::save_text("/dev/null", "gone").unwrap();
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
}
